"""The real engines, on a GPU or on a CPU; tools/install_cpu_engines.sh installs them for a CPU."""
