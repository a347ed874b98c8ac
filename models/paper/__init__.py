"""The paper's own network, to compare with: trained, and through real files."""
