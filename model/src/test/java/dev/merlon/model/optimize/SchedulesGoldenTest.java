package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class SchedulesGoldenTest extends SchedulesContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.found(GoldenCase.Kind.SCHEDULES);
  }
}
