"""Wrongs to plant in a tortured database: each must be found by the invariant that it is named for."""

from typing import Final, LiteralString

Plant = tuple[str, str, LiteralString]
"""The invariant's file, what it must say (in its column `wrong`, where it has one), and the statements."""

_ANOTHER_ORDER: Final[LiteralString] = """
INSERT INTO orders
SELECT (jsonb_populate_record(o, jsonb_build_object('client_order_id', gen_random_uuid()))).* FROM orders o
WHERE origin = 'SIGNAL' AND status = 'FILLED' LIMIT 1
"""

PLANTS: Final[tuple[Plant, ...]] = (
    (
        "01_one_order_per_signal",
        "journaled more than once",
        """
        ALTER TABLE inbox DROP CONSTRAINT inbox_pkey, DROP CONSTRAINT inbox_signal_id_key CASCADE;
        INSERT INTO inbox SELECT * FROM inbox WHERE kind = 'SIGNAL' LIMIT 1
        """,
    ),
    (
        "01_one_order_per_signal",
        "more than one order",
        "ALTER TABLE orders DROP CONSTRAINT orders_signal_id_key;" + _ANOTHER_ORDER,
    ),
    (
        "01_one_order_per_signal",
        "an order without its signal",
        "DELETE FROM inbox WHERE signal_id = (SELECT signal_id FROM orders WHERE signal_id IS NOT NULL LIMIT 1)",
    ),
    (
        "02_filled_at_most_ordered",
        "",
        "UPDATE trades SET last_qty = last_qty + 1 WHERE fill_number = (SELECT max(fill_number) FROM trades)",
    ),
    (
        "03_position_is_sum_of_fills",
        "position",
        "UPDATE positions SET quantity = quantity + 1 WHERE symbol = 'AAA'",
    ),
    (
        "03_position_is_sum_of_fills",
        "fill ",
        "UPDATE trades SET last_qty = last_qty + 1 WHERE fill_number = (SELECT max(fill_number) FROM trades)",
    ),
    ("04_cash_is_initial_plus_ledger", "", "UPDATE account SET cash = cash + 0.0001"),
    (
        "05_equity_identity",
        "",
        """
        UPDATE portfolio_snapshots SET unrealized_pnl = unrealized_pnl + 0.0001
        WHERE instant = (SELECT max(instant) FROM instants)
        """,
    ),
    ("05_equity_identity", "", "UPDATE account SET marked_equity = marked_equity + 0.0001"),
    ("05_equity_identity", "", "DELETE FROM portfolio_snapshots WHERE instant = (SELECT max(instant) FROM instants)"),
    (
        "06_replayed_pnl_is_equal",
        "trade ",
        """
        UPDATE trades SET realized_pnl_gross = realized_pnl_gross + 0.0001
        WHERE fill_number = (SELECT max(fill_number) FROM trades)
        """,
    ),
    ("06_replayed_pnl_is_equal", "cost of ", "UPDATE positions SET cost = cost + 0.0001 WHERE quantity > 0"),
    ("06_replayed_pnl_is_equal", "the account", "UPDATE account SET realized_pnl_gross = realized_pnl_gross - 0.0001"),
    (
        "07_ledger_is_zero_sum",
        "",
        """
        UPDATE ledger_entries SET amount = amount + 0.0001
        WHERE entry_id = (SELECT max(entry_id) FROM ledger_entries)
        """,
    ),
    (
        "07_ledger_is_zero_sum",
        "",
        "DELETE FROM ledger_entries WHERE posting = (SELECT trade_id FROM trades ORDER BY fill_number LIMIT 1)",
    ),
    ("08_epochs_are_monotone", "raised out of order", "DELETE FROM torture.epochs WHERE epoch = 2"),
    (
        "08_epochs_are_monotone",
        "decided under a lower epoch",
        "UPDATE instants SET epoch = 1 WHERE instant = (SELECT max(instant) FROM instants)",
    ),
    (
        "08_epochs_are_monotone",
        "decided outside of its epoch",
        """
        UPDATE instants SET decided_at = (SELECT raised_at + interval '1 ms' FROM torture.epochs WHERE epoch = 2)
        WHERE instant = (SELECT max(instant) FROM instants WHERE epoch = 1)
        """,
    ),
    (
        "08_epochs_are_monotone",
        "decided before the instant before",
        """
        UPDATE instants SET decided_at = decided_at - interval '1 hour'
        WHERE instant = (SELECT max(instant) FROM instants)
        """,
    ),
    (
        "09_offsets_are_monotone",
        "fell",
        """
        INSERT INTO torture.offset_samples (server_start, broker, topic, partition, next_offset)
        SELECT server_start, broker, topic, partition, next_offset - 1 FROM torture.offset_samples
        ORDER BY number DESC LIMIT 1
        """,
    ),
    (
        "09_offsets_are_monotone",
        "does not end where the topic ends",
        "UPDATE offsets SET next_offset = next_offset + 1 WHERE topic = 'trading_signals'",
    ),
    (
        "10_outbox_is_published",
        "not on its topic",
        """
        DELETE FROM torture.messages m USING outbox o
        WHERE m.topic = 'order_events' AND m.value = o.value AND o.outbox_id = (
            SELECT min(outbox_id) FROM outbox WHERE topic = 'order_events'
        )
        """,
    ),
    ("10_outbox_is_published", "not marked as published", "UPDATE outbox SET published_at = NULL"),
    (
        "10_outbox_is_published",
        "out of order",
        """
        UPDATE torture.messages m SET "offset" = m."offset" + 1000000
        FROM outbox o
        WHERE m.topic = 'order_events' AND m.value = o.value AND o.outbox_id = (
            SELECT min(outbox_id) FROM outbox WHERE topic = 'order_events'
        )
        """,
    ),
    (
        "10_outbox_is_published",
        "its key is in two partitions",
        """
        UPDATE torture.messages m SET partition = 99
        FROM outbox o
        WHERE m.topic = 'order_events' AND m.value = o.value AND o.outbox_id = (
            SELECT min(outbox_id) FROM outbox WHERE topic = 'order_events'
        )
        """,
    ),
    (
        "11_nothing_is_lost",
        "not in the journal",
        "DELETE FROM inbox WHERE kind = 'BAR' AND instant = (SELECT max(instant) FROM instants) AND symbol = 'AAA'",
    ),
    (
        "11_nothing_is_lost",
        "not in the journal",
        """
        UPDATE inbox SET side = CASE side WHEN 'BUY' THEN 'SELL' ELSE 'BUY' END
        WHERE kind = 'SIGNAL' AND instant = (SELECT max(instant) FROM instants)
        """,
    ),
    ("11_nothing_is_lost", "never fed", "DELETE FROM torture.fed WHERE kind = 'BAR' AND symbol = 'AAA'"),
    ("11_nothing_is_lost", "late", "UPDATE inbox SET late = true WHERE instant = (SELECT max(instant) FROM instants)"),
    ("11_nothing_is_lost", "not decided", "DELETE FROM instants WHERE instant = (SELECT max(instant) FROM instants)"),
    (
        "11_nothing_is_lost",
        "not among those who took part",
        "UPDATE instants SET signals = signals[2:] WHERE instant = (SELECT max(instant) FROM instants)",
    ),
    (
        "12_poison_is_buried",
        "not buried",
        """
        DELETE FROM torture.messages WHERE (topic, headers -> 'offset') = (
            SELECT topic, headers -> 'offset' FROM torture.messages WHERE topic LIKE '%.dlq' LIMIT 1
        )
        """,
    ),
    (
        "12_poison_is_buried",
        "not buried",
        "UPDATE torture.messages SET value = value || 'x'::bytea WHERE topic LIKE '%.dlq'",
    ),
    (
        "12_poison_is_buried",
        "buried alive",
        "UPDATE torture.messages SET headers = '{}' WHERE headers ? 'poison'",
    ),
)
