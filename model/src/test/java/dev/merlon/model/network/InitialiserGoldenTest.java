package dev.merlon.model.network;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class InitialiserGoldenTest extends InitialiserContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.found(GoldenCase.Kind.SCHEDULES);
  }
}
