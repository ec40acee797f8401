"""Names, streets and phones of the simulated buyers, by country."""

# Valid VAT numbers, the examples that Odoo itself shows for each country.
VAT_NUMBERS = {
    "BE": "BE0477472701",
    "DE": "DE123456788",
    "ES": "ESA12345674",
    "FR": "FR23334175221",
    "GB": "GB123456782",
    "IT": "IT12345670017",
    "NL": "NL123456782B90",
    "PL": "PL1234567883",
    "SE": "SE123456789701",
}

# Country -> first names, last names, streets ({} is the house number), towns as (zip,
# city, region), phones, companies, civilities.
PEOPLE = {
    "FR": {
        "first": ("Camille", "Tony", "Anne-Sophie", "Jean-Baptiste", "Élodie", "Hugo"),
        "last": ("Dupond", "Lefèvre", "d'Ormesson", "McDONALD", "Nguyen", "Garnier"),
        "streets": (
            "{}, Allée des Paix",
            "{} bis rue de l'Église",
            "{} Boulevard Réné Viviani",
            "{} chemin du Moulin à Vent",
        ),
        "towns": (
            ("38000", "GRENOBLE", "Isère"),
            ("44200", "Nantes", "Loire-Atlantique"),
            ("94240", "L'Haÿ-les-Roses", ""),
            ("01000", "Bourg-en-Bresse", "Auvergne-Rhône-Alpes"),
            ("20137", "Porto-Vecchio", "Corse"),
        ),
        "phones": (
            "06########",
            "+336########",
            "0033 6 ## ## ## ##",
            "01.##.##.##.##",
        ),
        "companies": ("Boulangerie Garnier SARL", "Ateliers du Vercors"),
        "civilities": ("Mr", "Mme", "M.", "MME"),
    },
    "DE": {
        "first": ("Jürgen", "Anke", "Björn", "Sabine", "Karl-Heinz", "Zoë"),
        "last": ("Müller", "von der Heide", "Weiß", "Schröder", "Çelik", "Krause"),
        "streets": ("Hauptstraße {}", "Kaiser-Wilhelm-Ring {}a", "Am Alten Markt {}"),
        "towns": (
            ("10115", "Berlin", "Berlin"),
            ("80331", "München", "Bayern"),
            ("01067", "Dresden", "Sachsen"),
            ("60311", "Frankfurt am Main", "HE"),
        ),
        "phones": (
            "+49 151 ########",
            "0049151########",
            "030/#######",
            "0151-########",
        ),
        "companies": ("Weiß & Söhne GmbH", "Heide Elektro KG"),
        "civilities": ("Herr", "Frau"),
    },
    "ES": {
        "first": ("María José", "Íñigo", "Carmen", "José Luis", "Nuria", "Jordi"),
        "last": ("García López", "Muñoz", "de la Fuente", "Etxeberria", "Puig i Serra"),
        "streets": ("Calle Mayor, {}, 3º B", "C/ de la Peña {}", "Avda. Diagonal {}"),
        "towns": (
            ("28013", "Madrid", "Madrid"),
            ("08013", "Barcelona", "Barcelona"),
            ("48005", "Bilbao", "Vizcaya/Bizkaia"),
            ("15001", "A Coruña", "La Coruña"),
        ),
        "phones": ("6########", "+34 6## ### ###", "00346########", "91 ### ## ##"),
        "companies": ("Muñoz e Hijos S.L.", "Ferretería Puig S.A."),
        "civilities": ("Sr.", "Sra."),
    },
    "IT": {
        "first": ("Niccolò", "Giulia", "Maria Grazia", "Luca", "Chiara"),
        "last": ("De Luca", "D'Amico", "Rossi", "Esposito", "Bianchi"),
        "streets": ("Via Garibaldi, {}", "Piazza dell'Unità {}/B", "Viale Monza {}"),
        "towns": (
            ("00184", "Roma", "RM"),
            ("20121", "Milano", "Milano"),
            ("80132", "Napoli", "NA"),
            ("39100", "Bolzano/Bozen", "BZ"),
        ),
        "phones": ("3#########", "+39 3## #######", "00393#########"),
        "companies": ("D'Amico Arredi S.r.l.", "Rossi & C. S.n.c."),
        "civilities": ("Sig.", "Sig.ra"),
    },
    "GB": {
        "first": ("Oliver", "Siobhán", "Amelia", "Mohammed", "Fiona"),
        "last": ("O'Connor", "Smith-Jones", "MacLeod", "Patel", "Taylor"),
        "streets": ("{} High Street", "Flat {}, Rose Court", "{}A Victoria Road"),
        "towns": (
            ("SW1A 1AA", "London", "Greater London"),
            ("EH1 1YZ", "Edinburgh", "Scotland"),
            ("M1 1AE", "Manchester", ""),
            ("BT1 5GS", "Belfast", "County Antrim"),
        ),
        "phones": ("07#########", "+44 7### ######", "0044 (0)7### ######"),
        "companies": ("MacLeod & Daughters Ltd", "Rose Court Interiors"),
        "civilities": ("Mr", "Mrs", "Ms"),
    },
    "PL": {
        "first": ("Łukasz", "Małgorzata", "Krzysztof", "Żaneta", "Paweł"),
        "last": ("Wiśniewski", "Kowalska", "Brzęczyszczykiewicz", "Dąbrowska"),
        "streets": ("ul. Świętokrzyska {}/7", "al. Jerozolimskie {}", "Osiedle {}"),
        "towns": (
            ("00-950", "Warszawa", "mazowieckie"),
            ("31-042", "Kraków", "małopolskie"),
            ("90-001", "Łódź", ""),
        ),
        "phones": ("5########", "+48 5## ### ###", "0048 6########"),
        "companies": ("Kowalska Sp. z o.o.", "Dąbrowska i Wspólnicy"),
        "civilities": ("Pan", "Pani"),
    },
    "SE": {
        "first": ("Åsa", "Björn", "Linnéa", "Göran", "Elsa"),
        "last": ("Öberg", "Lindström", "af Klint", "Nyström", "Johansson"),
        "streets": ("Storgatan {}", "Söder Mälarstrand {} lgh 1203", "Ängsvägen {}"),
        "towns": (
            ("111 29", "Stockholm", "Stockholms län"),
            ("41103", "Göteborg", ""),
            ("SE-211 34", "Malmö", "Skåne"),
        ),
        "phones": ("070#######", "+46 70 ### ## ##", "0046 73-### ## ##"),
        "companies": ("Öberg Bygg AB", "Nyströms Handelsbolag"),
        "civilities": (None,),
    },
    "NL": {
        "first": ("Sanne", "Daan", "Anouk", "Willem-Jan"),
        "last": ("van der Berg", "de Vries", "Jansen", "van 't Hof"),
        "streets": ("Keizersgracht {}-II", "Dorpsstraat {}", "Zuideinde {} A"),
        "towns": (
            ("1012 JS", "Amsterdam", "Noord-Holland"),
            ("3011AB", "Rotterdam", "Zuid-Holland"),
            ("5211 DA", "'s-Hertogenbosch", ""),
        ),
        "phones": ("06########", "+31 6 ########", "0031-6########"),
        "companies": ("De Vries Techniek B.V.",),
        "civilities": ("Dhr.", "Mevr."),
    },
    "BE": {
        "first": ("Lotte", "Maxime", "Joris", "Apolline"),
        "last": ("Peeters", "Vandenbroucke", "Dubois", "Van Damme"),
        "streets": ("Rue Haute {}", "Grote Markt {} bus 4", "Chaussée de Wavre {}"),
        "towns": (
            ("1000", "Bruxelles", "Bruxelles-Capitale"),
            ("9000", "Gent", "Oost-Vlaanderen"),
            ("4000", "Liège", ""),
        ),
        "phones": ("04########", "+32 4## ## ## ##", "0032 4########"),
        "companies": ("Peeters BVBA",),
        "civilities": ("M.", "Mme", "Dhr."),
    },
}

NON_LATIN_NAMES = (
    ("Иван", "Петров"),
    ("小明", "王"),
    ("محمد", "العلي"),
    ("Ελένη", "Παπαδοπούλου"),
    ("דוד", "כהן"),
)
EMOJI_NAMES = (("Léa 🌸", "Martin"), ("Max", "🦊 Fuchs"), ("👩‍👧 Zoë", "Janssens"))
RELAY_POINTS = (
    ("Tabac de la Gare", "012345", "MONDIAL_RELAY"),
    ("Épicerie du Port", "FR-66974", "RELAIS_COLIS"),
    ("La Poste Bellecour", "692030", "PICKUP"),
)
