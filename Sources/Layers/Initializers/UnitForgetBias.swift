import GraphIR
import Settings
import TensorCore

extension Initializers {
  /// The bias of an LSTM whose forget gate begins open: the second of four equal parts is 1, the others are as another
  /// initializer says.
  ///
  /// R. Jozefowicz et al., "An empirical exploration of recurrent network architectures", ICML 2015. What an LSTM's
  /// `unit_forget_bias` means; no name in a file means it.
  struct UnitForgetBias: Initializer {
    static let type = "unit_forget_bias"
    static let manual = "One for the forget gate, another initializer for the other gates."
    static let fields = [Field("others", \UnitForgetBias.others, "For the other gates.")]

    var others = InitializerChoice(Initializers.Zeros())

    init() {}

    init(others: InitializerChoice) { self.others = others }

    func values(_ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream) -> [Double] {
      var values = others.value.values(shape, fanIn: fanIn, fanOut: fanOut, random: random)
      let units = shape.count / 4
      values.replaceSubrange(units..<2 * units, with: repeatElement(1, count: units))
      return values
    }

    func objection(to shape: Shape) -> String? { others.value.objection(to: shape) }
  }
}
