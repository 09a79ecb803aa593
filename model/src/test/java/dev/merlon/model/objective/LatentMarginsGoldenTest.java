package dev.merlon.model.objective;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class LatentMarginsGoldenTest extends LatentMarginsContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.training();
  }
}
