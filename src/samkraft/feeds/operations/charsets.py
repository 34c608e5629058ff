"""Text in the encoding that a stranger names for it: only those that pages and mails are written in."""

import codecs

# Python knows others too, of which some take minutes to read a megabyte and some are no text at all.
_FAMILIES = ("utf-8", "utf-16", "iso8859-", "cp125", "koi8-", "iso2022_jp")
_NAMES = {"ascii", "big5", "cp932", "cp949", "euc_jp", "euc_kr", "gb2312", "gbk", "gb18030", "mac-roman", "shift_jis"}


def decoded(content: bytes, named: str) -> str:
    """The text, in the named encoding where it is one of these, else in UTF-8; what cannot be read is marked."""
    try:
        encoding = codecs.lookup(named).name
    except (LookupError, ValueError):
        encoding = "utf-8"
    known = encoding in _NAMES or encoding.startswith(_FAMILIES)
    return content.decode(encoding if known else "utf-8", "replace")
