import Compilation
import TensorCore

extension [Objective] {
  /// How many scalars the moments of the optimizers of a stage are, whose training plan this is.
  func momentCount(in plan: Plan) -> Int {
    zip(self, plan.phases).reduce(0) { total, turn in
      let (objective, phase) = turn
      let trained = plan.differentiated(in: phase)
      return total
        + MemoryDemand.count(plan.parameters.filter { trained.contains($0.name) })
        * objective.minimization.optimizer.value.moments
    }
  }
}
