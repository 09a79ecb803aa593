package dev.merlon.model.objective;

/**
 * One of the equal, contiguous parts that the batch of a step is cut into. Batches are shuffled, so
 * that a contiguous part is a random one. What part an image belongs to depends on its place in the
 * batch of the step, not on the micro-batch it is computed in.
 *
 * @param number of the part, counted from 0
 * @param count parts of the batch; their sizes differ by one at most
 */
public record BatchPart(int number, int count) {
  /** The whole batch. */
  public static final BatchPart WHOLE = new BatchPart(0, 1);

  /** Checks that there is such a part. */
  public BatchPart {
    if (number < 0 || number >= count) {
      throw new IllegalArgumentException("there is no part " + number + " of " + count);
    }
  }

  /**
   * Where a micro-batch lies in the batch of its step.
   *
   * @param first place of its first image
   * @param size its images
   * @param total images of the step
   */
  public record Place(int first, int size, int total) {
    /** Checks that it lies inside. */
    public Place {
      if (first < 0 || size < 0 || first + size > total) {
        throw new IllegalArgumentException(
            "images " + first + " to " + (first + size) + " are not in a batch of " + total);
      }
    }

    /** A step of one micro-batch. */
    public static Place whole(int size) {
      return new Place(0, size, size);
    }
  }

  /** Number of the part's first image in a micro-batch, counted there. */
  public int from(Place place) {
    return inside(start(number, place.total()), place);
  }

  /**
   * Number of the image after the part's last in a micro-batch; {@link #from} where it has none.
   */
  public int to(Place place) {
    return inside(start(number + 1, place.total()), place);
  }

  /**
   * What the loss of each of the part's images is multiplied by so that the mean over the batch is
   * the mean, over the parts that have images, of their own means; 1 where all are equally large.
   *
   * @param total images of the step; the part has one or more of them
   */
  public double weight(int total) {
    int size = start(number + 1, total) - start(number, total);
    return (double) total / ((double) Math.min(count, total) * size);
  }

  private int start(int part, int total) {
    return Math.toIntExact((long) total * part / count);
  }

  private static int inside(int image, Place place) {
    return Math.max(0, Math.min(place.size(), image - place.first()));
  }
}
