package dev.merlon.model.bound.linear;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class CrownBundledTest extends CrownContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.bundled();
  }
}
