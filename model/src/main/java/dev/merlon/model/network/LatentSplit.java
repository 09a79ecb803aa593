package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import java.util.List;

/**
 * A cut of a network into what computes a latent value and what computes the logits from it (TAPS,
 * Mao et al. 2023). The latent value is what a rectifier gives, so the part behind it begins with
 * that rectifier's successor; layers that only move values, such as a flattening, make no
 * difference on either side.
 *
 * @param network that is cut
 * @param value number of the latent value
 */
public record LatentSplit(Network network, int value) {

  /**
   * The cut with so many rectifiers behind it.
   *
   * @throws MerlonException (configuration) when there are too few, or when the value in front of
   *     them is not all that the rest of the network needs
   */
  public static LatentSplit of(Network network, int rectifiers) {
    List<Node> all = network.rectifiers();
    if (rectifiers >= all.size()) {
      throw refused(
          "is "
              + rectifiers
              + " but the network has "
              + all.size()
              + " rectifiers, one of which has to stay in front of the split",
          "Set it to at most " + Math.max(1, all.size() - 1) + ", or take a deeper network.");
    }
    Node front = all.get(all.size() - 1 - rectifiers);
    if (!network.isCut(front.id())) {
      throw refused(
          "is "
              + rectifiers
              + ": the split behind layer '"
              + front.name()
              + "' is bridged by a connection around it",
          "Choose a number of rectifiers that splits the network between two residual blocks.");
    }
    return new LatentSplit(network, front.id());
  }

  /** Whether a network can be cut with so many rectifiers behind the cut. */
  public static boolean exists(Network network, int rectifiers) {
    List<Node> all = network.rectifiers();
    return rectifiers < all.size() && network.isCut(all.get(all.size() - 1 - rectifiers).id());
  }

  /** Shape of the latent value of one sample. */
  public Shape shape() {
    return network.shape(value);
  }

  private static MerlonException refused(String problem, String remedy) {
    return MerlonException.configuration("objective.taps.relus " + problem + ".", remedy);
  }
}
