package dev.merlon.model.norm;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class BallSpaceGoldenTest extends BallSpaceContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.training();
  }
}
