"""Routes of the trading service."""

from fastapi import FastAPI

from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Pool
from tradewind.trading.orders_api import orders_router
from tradewind.trading.portfolio_api import portfolio_router
from tradewind.trading.risk_api import risk_router

_TAGS = [
    {"name": "orders", "description": "A person's orders, and every order that was ever decided."},
    {"name": "portfolio", "description": "What the account has, holds and has done."},
    {"name": "signals", "description": "What the desk decided on."},
    {"name": "risk", "description": "What the desk may do, who says so, and how to stop it."},
    {"name": "health", "description": "Whether it lives, works, and how much it does."},
]


def add_routes(app: FastAPI, pool: Pool, strategy: TradingStrategy) -> None:
    """Add the routes of orders, of the portfolio and of risk."""
    app.openapi_tags = _TAGS
    for router in (orders_router(pool, strategy), portfolio_router(pool, strategy), risk_router(pool, strategy)):
        app.include_router(router)
