package dev.merlon.model.network;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class InitialiserBundledTest extends InitialiserContract {
  @Override
  Stream<GoldenCase> cases() {
    return Stream.of(GoldenCases.bundled("schedules"));
  }
}
