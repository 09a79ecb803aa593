package dev.merlon.model.bound.box;

import dev.merlon.model.network.NonlinearMap;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;

/**
 * Boxes of nonlinear operations' values: monotone maps of both corners. Maxima are exact, products
 * and curves are computed with rounding.
 */
public record RoundedMap(Rounding rounding) implements NonlinearVisitor<Box, Box> {

  /** The box of an operation's values over a box of operands. */
  public static Box of(Nonlinear operation, Box operand, Rounding rounding) {
    Box image = operand.monotone(corner -> NonlinearMap.apply(operation, corner));
    return operation.acceptNonlinear(new RoundedMap(rounding), image);
  }

  @Override
  public Box relu(Relu operation, Box image) {
    return image;
  }

  @Override
  public Box leakyRelu(LeakyRelu operation, Box image) {
    return rounding.layer(1, 1).widened(image);
  }

  @Override
  public Box sigmoid(Sigmoid operation, Box image) {
    return curve(image);
  }

  @Override
  public Box tanh(Tanh operation, Box image) {
    return curve(image);
  }

  @Override
  public Box maxPool(MaxPool operation, Box image) {
    return image;
  }

  // Libraries are off by a few units in the last place of 1 at most.
  private Box curve(Box image) {
    LayerRounding layer = rounding.layer(1, 0);
    return layer.accounted() ? layer.widened(image, image.magnitude().add(1)) : image;
  }
}
