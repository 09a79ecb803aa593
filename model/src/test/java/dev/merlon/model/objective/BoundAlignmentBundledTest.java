package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class BoundAlignmentBundledTest extends BoundAlignmentContract {
  @Override
  GoldenCase golden() {
    return GoldenCases.bundled("cure_bound_alignment");
  }
}
