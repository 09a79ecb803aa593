package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class GradientProjectionBundledTest extends GradientProjectionContract {
  @Override
  Stream<GoldenCase> cases() {
    return Stream.of(GoldenCases.bundled("gradient_projection"));
  }
}
