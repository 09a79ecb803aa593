package dev.merlon.actors.training;

import dev.merlon.model.data.Batch;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.GradientProjection;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.Learner;
import dev.merlon.model.training.LearnerState;
import java.util.Optional;

/** The natural branch of a plain sequential loop; does nothing for runs that do not project. */
final class BareBranch implements AutoCloseable {
  private final RunPlan plan;
  private final Optional<Learner> natural;
  private Optional<ParameterValues> start = Optional.empty();

  private BareBranch(RunPlan plan, Optional<Learner> natural) {
    this.plan = plan;
    this.natural = natural;
  }

  static BareBranch of(RunPlan plan) {
    return new BareBranch(
        plan, plan.settings().projection().map(projection -> plan.openNaturalLearner()));
  }

  /** The natural step beside a certified one that is still to come. */
  void step(Learner certified, Batch batch, Phase phase) {
    if (!plan.projects(phase.epoch())) {
      return;
    }
    Learner learner = natural.orElseThrow();
    if (phase.step() == 0) {
      LearnerState state = certified.state();
      start = Optional.of(state.values());
      learner.restore(learner.state().with(state.values()));
    }
    TinyRun.step(learner, batch, phase);
  }

  /** Merges both branches into the certified learner. */
  void merge(Learner certified, int epoch) {
    if (!plan.projects(epoch)) {
      return;
    }
    LearnerState state = certified.state();
    certified.restore(
        state.with(
            GradientProjection.of(plan.settings().projection().orElseThrow())
                .merge(
                    plan.network(),
                    start.orElseThrow(),
                    natural.orElseThrow().values(),
                    state.values())
                .values()));
  }

  @Override
  public void close() {
    natural.ifPresent(Learner::close);
  }
}
