package dev.merlon.model.bound.linear;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class CrownGoldenTest extends CrownContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.training();
  }
}
