"""Every key and length that Slack documents, typed in by hand for the block checker."""

from __future__ import annotations


def keys(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SELECT = "type action_id placeholder confirm focus_on_load"
_MULTI = f"{_SELECT} max_selected_items"
_TYPED = "type action_id placeholder initial_value dispatch_action_config focus_on_load"

# Every key documented for a type; anything else is refused.
KEYS: dict[str, frozenset[str]] = {
    # blocks
    "section": keys("type block_id text fields accessory expand"),
    "context": keys("type block_id elements"),
    "divider": keys("type block_id"),
    "header": keys("type block_id text"),
    "image": keys("type block_id image_url slack_file alt_text title"),
    "actions": keys("type block_id elements"),
    "input": keys("type block_id label element hint optional dispatch_action"),
    "rich_text": keys("type block_id elements"),
    "markdown": keys("type block_id text"),
    "alert": keys("type block_id text level"),
    "data_table": keys("type block_id caption rows page_size row_header_column_index"),
    "data_visualization": keys("type block_id title chart"),
    # objects
    "plain_text": keys("type text emoji"),
    "mrkdwn": keys("type text verbatim"),
    "confirm": keys("title text confirm deny style"),
    "option": keys("text value description url"),
    "option_group": keys("label options"),
    "slack_file": keys("id url"),
    # elements
    "button": keys("type action_id text url value style confirm accessibility_label"),
    "static_select": keys(f"{_SELECT} options option_groups initial_option"),
    "multi_static_select": keys(f"{_MULTI} options option_groups initial_options"),
    "users_select": keys(f"{_SELECT} initial_user"),
    "multi_users_select": keys(f"{_MULTI} initial_users"),
    "conversations_select": keys(
        f"{_SELECT} initial_conversation default_to_current_conversation response_url_enabled filter"
    ),
    "channels_select": keys(f"{_SELECT} initial_channel response_url_enabled"),
    "overflow": keys("type action_id options confirm"),
    "datepicker": keys(f"{_SELECT} initial_date"),
    "timepicker": keys(f"{_SELECT} initial_time timezone"),
    "checkboxes": keys("type action_id options initial_options confirm focus_on_load"),
    "radio_buttons": keys("type action_id options initial_option confirm focus_on_load"),
    "plain_text_input": keys(f"{_TYPED} multiline min_length max_length"),
    "email_text_input": keys(_TYPED),
    "url_text_input": keys(_TYPED),
    "number_input": keys(f"{_TYPED} is_decimal_allowed min_value max_value"),
    "image_element": keys("type image_url slack_file alt_text"),
    # rich text
    "rich_text_section": keys("type elements"),
    "rich_text_preformatted": keys("type elements border language"),
    "rich_text_quote": keys("type elements border"),
    "rich_text_list": keys("type style elements indent offset border"),
    "rich:text": keys("type text style"),
    "rich:link": keys("type url text unsafe style"),
    "rich:user": keys("type user_id style"),
    "rich:channel": keys("type channel_id style"),
    "rich:usergroup": keys("type usergroup_id style"),
    "rich:emoji": keys("type name unicode style"),
    "rich:date": keys("type timestamp format url fallback style"),
    "rich:broadcast": keys("type range"),
    "style": keys("bold italic strike code underline highlight client_highlight unlink"),
    # charts and cells
    "pie": keys("type segments"),
    "axis_chart": keys("type series axis_config"),
    "axis_config": keys("categories x_label y_label"),
    "segment": keys("label value"),
    "series": keys("name data"),
    "raw_text": keys("type text"),
    "raw_number": keys("type value text"),
}

MESSAGE_KEYS = keys(
    "channel user text blocks thread_ts reply_broadcast unfurl_links unfurl_media mrkdwn parse link_names "
    "metadata ts response_type replace_original delete_original token as_user username icon_url icon_emoji"
)
VIEW_KEYS = {
    "modal": keys(
        "type title blocks close submit private_metadata callback_id "
        "clear_on_close notify_on_close external_id"
    ),
    "home": keys("type blocks private_metadata callback_id external_id"),
}
REQUIRED = {
    "image": keys("alt_text"),
    "image_element": keys("alt_text"),
    "header": keys("text"),
    "actions": keys("elements"),
    "context": keys("elements"),
    "rich_text": keys("elements"),
    "input": keys("label element"),
    "markdown": keys("text"),
    "alert": keys("text"),
    "button": keys("text action_id"),
    "option": keys("text value"),
    "data_table": keys("caption rows"),
    "data_visualization": keys("title chart"),
}
PLAIN = {
    ("header", "text"): 150,
    ("button", "text"): 75,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("image", "title"): 2000,
    ("option_group", "label"): 75,
    ("confirm", "title"): 100,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("option", "description"): 75,
}
TEXT = {("section", "text"): 3000, ("option", "text"): 75, ("confirm", "text"): 300, ("alert", "text"): 200}
STRINGS = {
    "block_id": 255,
    "action_id": 255,
    "alt_text": 2000,
    "image_url": 3000,
    "accessibility_label": 75,
}
ONLY_IN_MESSAGES = {"data_table", "data_visualization", "markdown"}
TABLES = {"data_table", "table"}
