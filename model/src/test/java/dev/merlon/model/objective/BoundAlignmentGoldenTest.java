package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class BoundAlignmentGoldenTest extends BoundAlignmentContract {
  @Override
  GoldenCase golden() {
    return GoldenCases.found("cure_bound_alignment");
  }
}
