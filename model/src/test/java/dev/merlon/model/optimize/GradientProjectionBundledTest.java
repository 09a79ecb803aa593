package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class GradientProjectionBundledTest extends GradientProjectionContract {
  @Override
  GoldenCase golden() {
    return GoldenCases.bundled("gradient_projection");
  }
}
