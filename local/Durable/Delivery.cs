namespace Hexabase.Local.Durable;

/// <summary>Whether an event reached its instance.</summary>
public enum DeliveryStatus
{
    Sent,
    NoSuchInstance,
    Finished,
}

/// <param name="Posting">Null unless sent.</param>
internal readonly record struct Delivery(DeliveryStatus Status, Posting? Posting);
