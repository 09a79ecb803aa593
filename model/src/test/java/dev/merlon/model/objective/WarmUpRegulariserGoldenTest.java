package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class WarmUpRegulariserGoldenTest extends WarmUpRegulariserContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.training();
  }
}
