"""The science of Pentimento: operators, the quasi-invertible network, the export channel."""
