package dev.merlon.model.bound.box;

import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import java.util.stream.Stream;

class BoxPropagationGoldenTest extends BoxPropagationContract {
  @Override
  Stream<GoldenCase> cases() {
    return GoldenCases.training();
  }
}
