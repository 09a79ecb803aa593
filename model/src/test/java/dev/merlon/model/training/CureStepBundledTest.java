package dev.merlon.model.training;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class CureStepBundledTest extends CureStepContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.bundled();
  }
}
