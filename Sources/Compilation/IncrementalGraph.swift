public import GraphIR
public import Settings
import TensorCore

/// A graph that takes one step of its sequences a run, and carries what it needs of the steps before.
///
/// What follows from the stepped inputs is computed step by step; all else is there as a whole, and is fed.
public struct IncrementalGraph: Sendable {
  /// What an input of `graph` is fed with.
  public enum Feed: Hashable, Sendable {
    /// The next step of an input of the whole graph.
    case step(ofInput: Int)
    /// A value of the whole graph.
    case whole(Graph.Source)
  }

  public let graph: Graph
  /// One for each input of `graph`.
  public let feeds: [Feed]
  /// Whether no sequence can be longer than the whole graph's.
  public let isBounded: Bool
  /// What stands for the values that were wanted.
  public let sources: [Graph.Source]

  /// - Parameters:
  ///   - shaped: the whole graph.
  ///   - stepped: the inputs [T, ...] that come step by step.
  ///   - wanted: values of the whole graph that follow from them.
  /// Throws: every layer that looks ahead or mixes all steps.
  public init(
    _ shaped: ShapedGraph, stepping stepped: Set<Int>, wanted: [Graph.Source]
  ) throws(Problems) {
    var building = Building(shaped, stepped)
    let needed = neededNodes(of: shaped.graph, for: wanted)
    for index in shaped.graph.nodes.indices where needed[index] { building.add(index) }
    sources = wanted.map { building.source($0) }
    try building.problems.throwIfAny()
    (graph, feeds) = (building.graph, building.feeds)
    isBounded = graph.nodes.contains { node in
      (node.layer as? any IncrementalLayer).map { type(of: $0).isBounded } ?? false
    }
  }
}

private struct Building {
  let shaped: ShapedGraph
  let stepped: Set<Int>
  var graph = Graph()
  var feeds: [IncrementalGraph.Feed] = []
  var problems = Problems()
  /// Where values of the whole graph are in the new one.
  private var known: [Graph.Source: Graph.Source] = [:]
  private var steppedNodes: Set<Int> = []

  init(_ shaped: ShapedGraph, _ stepped: Set<Int>) {
    (self.shaped, self.stepped) = (shaped, stepped)
  }

  private func isStepped(_ source: Graph.Source) -> Bool {
    switch source {
    case .input(let index): stepped.contains(index)
    case .node(let index, _): steppedNodes.contains(index)
    }
  }

  /// Adds a node where it follows from what comes step by step.
  mutating func add(_ index: Int) {
    let node = shaped.graph.nodes[index]
    guard node.inputs.contains(where: isStepped) else { return }
    steppedNodes.insert(index)
    let layer = stepLayer(node)
    let inputs = node.inputs.map { source($0) }
    let copy = graph.add(copyOf: node, layer, inputs: inputs)
    guard case .node(let number, _) = copy else { return }
    for output in shaped.signatures[index].outputs.indices {
      known[.node(index, output: output)] = .node(number, output: output)
    }
  }

  private mutating func stepLayer(_ node: Graph.Node) -> any Layer {
    let type = type(of: node.layer).type
    let isMasked = (node.layer as? any MaskedLayer)?.isMasked ?? false
    let inputs = isMasked ? node.inputs.dropLast() : node.inputs[...]
    if let layer = node.layer as? any IncrementalLayer {
      do throws(ShapeError) {
        return try layer.incremental(
          for: inputs.map { shaped.shape(of: $0) }, stepped: inputs.map(isStepped))
      } catch {
        problems.add(
          "layer \"\(node.name)\" (\(type)) \(error.description)", path: node.path, at: node.place)
      }
    } else if (node.layer as? any StepwiseLayer)?.isStepwise != true {
      problems.add(
        "layer \"\(node.name)\" (\(type)) wants whole sequences, so it cannot be run step by step",
        path: node.path, at: node.place)
    }
    return node.layer
  }

  /// A value of the whole graph in the new one; what is none of its steps becomes an input.
  mutating func source(_ source: Graph.Source) -> Graph.Source {
    if let there = known[source] { return there }
    var shape = shaped.shape(of: source).dropFirst
    var feed = IncrementalGraph.Feed.whole(source)
    if case .input(let index) = source, stepped.contains(index) {
      shape = shape.dropFirst.prepending(1)
      feed = .step(ofInput: index)
    }
    feeds.append(feed)
    let input = graph.add(Graph.Input("input \(feeds.count)", shape))
    known[source] = input
    return input
  }
}
