"""The three formats of answers: xml, json, jsonp."""
