public import GraphIR
public import Settings

/// Every block there is, sorted by type: the one list that a new block is added to.
public let blockTypes: [any Block.Type] = [
  Bidirectional.self,
  TimeDistributed.self,
  TransformerDecoder.self,
  TransformerEncoder.self,
]

/// Reads blocks by the name of their type.
public let blockRegistry = Registry<any Block>("block", blockTypes)
