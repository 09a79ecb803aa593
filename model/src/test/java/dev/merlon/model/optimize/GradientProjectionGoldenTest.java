package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class GradientProjectionGoldenTest extends GradientProjectionContract {
  @Override
  GoldenCase golden() {
    return GoldenCases.found("gradient_projection");
  }
}
