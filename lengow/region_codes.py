"""Codes of states as Odoo has them, by postcode and by names that Odoo does not have."""

# Spanish provinces in the sequence of the first two digits of their postcodes, from 01.
_ES_PROVINCES = (
    "VI AB A AL AV BA PM B BU CC CA CS CR CO C CU GI GR GU SS H HU J LE L LO LU M MA MU NA "
    "OR O P GC PO SA TF S SG SE SO T TE TO V VA BI ZA Z CE ME"
)
ES_PROVINCES = {
    f"{number:02}": code for number, code in enumerate(_ES_PROVINCES.split(), start=1)
}

# First digits of an Italian postcode and its province; the longest ones count.
_IT_PROVINCES = (
    "00=RM 01=VT 02=RI 03=FR 04=LT 05=TR 06=PG 07=SS 08=NU 091=CA 0917=OR 10=TO 11=AO 12=CN "
    "13=VC 138=BI 139=BI 14=AT 15=AL 16=GE 17=SV 18=IM 19=SP 20=MI 208=MB 209=MB 21=VA "
    "22=CO 23=SO 238=LC 239=LC 24=BG 25=BS 26=CR 268=LO 269=LO 27=PV 28=NO 288=VB 289=VB "
    "29=PC 30=VE 31=TV 32=BL 33=UD 3307=PN 3308=PN 3309=PN 3317=PN 34=TS 3407=GO 3417=GO "
    "35=PD 36=VI 37=VR 38=TN 39=BZ 40=BO 41=MO 42=RE 43=PR 44=FE 45=RO 46=MN 47=FC 478=RN "
    "479=RN 48=RA 50=FI 51=PT 52=AR 53=SI 54=MS 55=LU 56=PI 57=LI 58=GR 59=PO 60=AN 61=PU "
    "62=MC 63=AP 638=FM 639=FM 64=TE 65=PE 66=CH 67=AQ 70=BA 71=FG 72=BR 73=LE 74=TA 75=MT "
    "76=BT 80=NA 81=CE 82=BN 83=AV 84=SA 85=PZ 86=CB 8607=IS 8608=IS 8609=IS 8617=IS 87=CS "
    "88=CZ 888=KR 889=KR 89=RC 898=VV 899=VV 90=PA 91=TP 92=AG 93=CL 94=EN 95=CT 96=SR "
    "97=RG 98=ME"
)
IT_PROVINCES = dict(pair.split("=") for pair in _IT_PROVINCES.split())

# French region -> departments. Odoo has no states of France, but add-ons bring either.
FR_REGIONS = {
    code: departments.split()
    for code, departments in {
        "ARA": "01 03 07 15 26 38 42 43 63 69 73 74",
        "BFC": "21 25 39 58 70 71 89 90",
        "BRE": "22 29 35 56",
        "CVL": "18 28 36 37 41 45",
        "COR": "2A 2B",
        "GES": "08 10 51 52 54 55 57 67 68 88",
        "HDF": "02 59 60 62 80",
        "IDF": "75 77 78 91 92 93 94 95",
        "NOR": "14 27 50 61 76",
        "NAQ": "16 17 19 23 24 33 40 47 64 79 86 87",
        "OCC": "09 11 12 30 31 32 34 46 48 65 66 81 82",
        "PDL": "44 49 53 72 85",
        "PAC": "04 05 06 13 83 84",
    }.items()
}

# Country -> folded name -> code, for names in another language than Odoo's.
ALIASES = {
    "BE": {
        "antwerpen": "VAN",
        "anvers": "VAN",
        "vlaams brabant": "VBR",
        "brabant flamand": "VBR",
        "limbourg": "VLI",
        "oost vlaanderen": "VOV",
        "flandre orientale": "VOV",
        "west vlaanderen": "VWV",
        "flandre occidentale": "VWV",
        "brabant wallon": "WBR",
        "waals brabant": "WBR",
        "henegouwen": "WHT",
        "luik": "WLG",
        "luxemburg": "WLX",
        "namen": "WNA",
    },
    "DE": {
        "bavaria": "BY",
        "hesse": "HE",
        "lower saxony": "NI",
        "mecklenburg western pomerania": "MV",
        "north rhine westphalia": "NW",
        "nrw": "NW",
        "rhineland palatinate": "RP",
        "saxony": "SN",
        "saxony anhalt": "ST",
        "thuringia": "TH",
    },
    "ES": {
        "alava": "VI",
        "balearic islands": "PM",
        "baleares": "PM",
        "biscay": "BI",
        "nafarroa": "NA",
        "orense": "OR",
        "seville": "SE",
        "tenerife": "TF",
        "zaragossa": "Z",
    },
    "IT": {
        "florence": "FI",
        "forli": "FC",
        "genoa": "GE",
        "leghorn": "LI",
        "mantua": "MN",
        "massa": "MS",
        "milan": "MI",
        "monza": "MB",
        "monza e della brianza": "MB",
        "naples": "NA",
        "padua": "PD",
        "pesaro": "PU",
        "reggio di calabria": "RC",
        "reggio nell emilia": "RE",
        "rome": "RM",
        "sud tirol": "BZ",
        "sudtirol": "BZ",
        "syracuse": "SR",
        "turin": "TO",
        "venice": "VE",
    },
    "PT": {"lisbon": "11", "azores": "20"},
}
