package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class SchedulesBundledTest extends SchedulesContract {
  @Override
  GoldenCase schedules() {
    return GoldenCases.bundled("schedules");
  }
}
