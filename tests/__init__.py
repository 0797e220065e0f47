"""The specification, in sentences. Folders: unit, integration, journeys, contracts, architecture."""
