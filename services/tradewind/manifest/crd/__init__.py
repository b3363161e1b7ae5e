"""The two CustomResourceDefinitions, made from the models. `python -m tradewind.manifest.crd` writes them."""
