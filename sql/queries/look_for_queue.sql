SET LOCAL search_path TO procrastinate
