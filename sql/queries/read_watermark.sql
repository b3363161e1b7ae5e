SELECT instant FROM watermarks WHERE owner = %(owner)s
