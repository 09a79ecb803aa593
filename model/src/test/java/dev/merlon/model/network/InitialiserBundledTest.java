package dev.merlon.model.network;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;

class InitialiserBundledTest extends InitialiserContract {
  @Override
  GoldenCase schedules() {
    return GoldenCases.bundled("schedules");
  }
}
