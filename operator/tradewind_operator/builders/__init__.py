"""Builders of Kubernetes objects: pure functions, from a Plan and the platform that it runs on."""
