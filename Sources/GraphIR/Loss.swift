/// A layer that says how wrong a prediction is: its inputs are [prediction, target], its output is one number, [].
///
/// Both inputs have the batch as their first axis, and the output is a mean over its rows (over all elements, or over
/// rows of classes, as its manual says), so it does not grow with the batch. A loss whose target is a setting takes the
/// prediction alone.
public protocol Loss: Layer {}
