public enum Schemas {}
