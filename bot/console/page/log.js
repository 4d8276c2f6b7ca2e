// What stands where: an answer's entries applied to the places they would reach in Slack.

export class Log {
  constructor(rooms) {
    this.rooms = rooms;
    this.messages = [];
    this.count = 0;
  }

  // Every entry of an answer that shows something, as messages of this page.
  apply(told, who, room, inThread, typed) {
    const files = new Map(told.files.map((file) => [file.id, file]));
    const uploads = [...told.files];
    const added = [];
    for (const entry of told.entries) {
      const message = this.#message(entry, told, who, room, uploads, inThread);
      if (message) added.push({ ...message, told, files, entry, typed, who: who.role });
    }
    for (const message of added) {
      this.count += 1;
      message.id = this.count;
      message.ts = `1700000000.${String(this.count).padStart(6, "0")}`;
    }
    this.messages.push(...added);
    return added;
  }

  #message({ method, args }, told, who, room, uploads, inThread) {
    const here = { room: room.key, owner: room.key === "dm" ? who.role : null };
    const file = method === "upload" ? uploads.shift() : undefined;
    if (method === "upload" && args.channel_id) return { ...this.#at(args.channel_id, who), thread: this.#thread(args.thread_ts, inThread), file, text: file.name };
    if (method === "chat.postMessage") return { ...this.#at(args.channel, who), thread: this.#thread(args.thread_ts, inThread), ...shown(args) };
    if (method === "chat.postEphemeral") return { ...here, only: who.role, ...shown(args) };
    if (method === "response_url" && args.text) {
      return args.response_type === "in_channel" ? { ...here, ...shown(args) } : { ...here, only: who.role, ...shown(args) };
    }
    return null;
  }

  #at(channel, who) {
    const room = this.rooms.find((one) => one.id === channel);
    if (room && room.key !== "dm") return { room: room.key, owner: null };
    return { room: "dm", owner: who.role };
  }

  // Replies to a click stand under the message that was clicked; a file under the message it came with.
  #thread(ts, inThread) {
    if (!ts) return null;
    return inThread ?? (this.messages.some((one) => one.ts === ts) ? ts : null);
  }

  seenBy(who, room) {
    return this.messages.filter((one) => one.room === room && (one.owner ?? who) === who && (one.only ?? who) === who);
  }
}

function shown(args) {
  return { text: args.text, blocks: args.blocks ?? null };
}
