package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class SchedulesBundledTest extends SchedulesContract {
  @Override
  Stream<GoldenCase> cases() {
    return Stream.of(GoldenCases.bundled("schedules"));
  }
}
