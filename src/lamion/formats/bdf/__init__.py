"""The Battery Data Format, of the Battery Data Alliance: a table as CSV or Parquet, its facts in a sidecar."""
