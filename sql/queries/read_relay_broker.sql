SELECT broker FROM relays WHERE owner = %(owner)s FOR UPDATE
