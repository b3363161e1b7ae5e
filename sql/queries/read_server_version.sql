SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1)
