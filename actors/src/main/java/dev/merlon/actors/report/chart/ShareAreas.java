package dev.merlon.actors.report.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Shares of a whole over epochs, stacked from below.
 *
 * @param epochs where shares are known, rising; at least one
 * @param layers from below; each has one share per epoch, and shares of an epoch add up to 1
 */
public record ShareAreas(String name, String title, List<Double> epochs, List<Layer> layers)
    implements Figure {

  /** Copies the lists. */
  public ShareAreas {
    epochs = List.copyOf(epochs);
    layers = List.copyOf(layers);
  }

  /** One share. */
  public record Layer(String name, Ink ink, List<Double> shares) {
    /** Copies the list. */
    public Layer {
      shares = List.copyOf(shares);
    }
  }

  @Override
  public String svg(Theme theme) {
    List<Legend.Entry> meanings =
        layers.stream().map(layer -> Legend.Entry.area(layer.name(), layer.ink())).toList();
    double first = epochs.get(0);
    double last = epochs.get(epochs.size() - 1);
    Scale x =
        first < last
            ? LinearScale.exactly(first, last, 7, 1, LinearScale.Unit.NUMBER)
            : LinearScale.exactly(first - 0.5, first + 0.5, 1, 1, LinearScale.Unit.NUMBER);
    Scale y = new LinearScale(0, 1, 0.25, LinearScale.Unit.PERCENT);
    Plot plot = new Plot(theme, title, meanings, x, y, "epoch");
    double[] below = new double[epochs.size()];
    for (Layer layer : layers) {
      double[] above = below.clone();
      Arrays.setAll(above, i -> below[i] + layer.shares().get(i));
      draw(plot, layer, below, above);
      System.arraycopy(above, 0, below, 0, above.length);
    }
    return plot.canvas().markup();
  }

  private void draw(Plot plot, Layer layer, double[] below, double[] above) {
    Path outline = new Path();
    if (epochs.size() == 1) {
      plot.canvas()
          .rectangle(
              plot.left(),
              plot.y(above[0]),
              plot.right() - plot.left(),
              plot.y(below[0]) - plot.y(above[0]),
              layer.ink(),
              1,
              tip(layer, 0));
      return;
    }
    for (int i = 0; i < epochs.size(); i++) {
      outline.to(plot.x(epochs.get(i)), plot.y(above[i]));
    }
    for (int i = epochs.size() - 1; i >= 0; i--) {
      outline.to(plot.x(epochs.get(i)), plot.y(below[i]));
    }
    plot.canvas().fill(outline.close(), layer.ink(), tip(layer, epochs.size() - 1));
  }

  private String tip(Layer layer, int i) {
    return String.format(
        Locale.ROOT,
        "%s, epoch %s: %.1f%%",
        layer.name(),
        Canvas.number(epochs.get(i)),
        100 * layer.shares().get(i));
  }
}
