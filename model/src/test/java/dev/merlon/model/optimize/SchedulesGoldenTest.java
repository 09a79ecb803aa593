package dev.merlon.model.optimize;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class SchedulesGoldenTest extends SchedulesContract {
  @Override
  GoldenCase schedules() {
    return GoldenCases.found("schedules");
  }
}
