package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class GradientProjectionGoldenTest extends GradientProjectionContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.found(GoldenCase.Kind.PROJECTION);
  }
}
