package dev.merlon.model.attack;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class AttackStepBundledTest extends AttackStepContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.bundled();
  }
}
