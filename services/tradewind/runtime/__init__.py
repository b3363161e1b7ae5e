"""What each process needs: settings, logging, metrics, health, the app factory and the process's life."""
